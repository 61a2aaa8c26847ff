/// The page that a browser shows: a photo is dropped or chosen, and seen with its heat map and bars.
enum Page {
  static let response =
    WebPage(
      title: "Tutti: what is in this photo?", style: style, body: body, script: script,
      images: "blob: data:"
    ).response

  private static let style = """

    body { max-width: 60rem; }
    h1 { font-size: 1.4rem; margin: 0 0 1rem; }
    h2 { font-size: 1.05rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
    #drop { border: 2px dashed var(--line); border-radius: .5rem; padding: 1.5rem; text-align: center; }
    #drop.over { border-color: var(--mark); background: var(--card); }
    form label { display: inline-block; margin: .75rem 1rem 0 0; }
    input, select { font: inherit; color: inherit; background: var(--page); max-width: 100%; }
    article { background: var(--card); border-radius: .5rem; padding: 1rem; margin-top: 1rem; }
    .pictures { display: flex; flex-wrap: wrap; gap: 1rem; }
    figure { margin: 0 0 .75rem; flex: 0 1 18rem; }
    img { display: block; width: 100%; max-height: 18rem; object-fit: contain; }
    figcaption, .soft { color: var(--soft); font-size: .9rem; }
    table { border-collapse: collapse; width: 100%; }
    th, td { text-align: left; font-weight: normal; padding: .15rem .5rem .15rem 0; vertical-align: middle; }
    th { width: 30%; overflow-wrap: anywhere; }
    td.number { width: 4.5rem; text-align: right; font-variant-numeric: tabular-nums; }
    .bar { height: .8rem; min-width: 1px; background: var(--mark); border-radius: 2px; }
    .bad { color: var(--bad); }

    """

  private static let body = """
    <body>
    <h1>What is in this photo?</h1>
    <form id="form">
    <div id="drop"><label for="files">Drop photos here, or choose some (JPEG, PNG, WebP):</label>
    <input id="files" type="file" accept="image/jpeg,image/png,image/webp" multiple></div>
    <label><input id="map" type="checkbox" checked> heat map</label>
    <label>views <select id="views"><option value="">as the model has them</option><option>none</option><option>flip</option>
    <option>five-crop</option><option>eight</option></select></label>
    <label id="key" hidden>token <input id="token" type="password" autocomplete="off"></label>
    </form>
    <p id="state" role="status" class="soft"></p>
    <main id="answers" aria-label="Answers"></main>
    """

  private static let script = """

    function picture(source, caption) {
      const figure = element('figure'), image = element('img');
      image.src = source;
      image.alt = caption;
      figure.append(image, element('figcaption', caption));
      return figure;
    }
    function bars(probabilities) {
      const table = element('table'), rows = element('tbody');
      table.append(element('caption', 'Probabilities of the classes', 'soft'), rows);
      const ranked = Object.entries(probabilities).sort((a, b) => b[1] - a[1]);
      for (const [name, p] of ranked.slice(0, 10)) {
        const row = element('tr'), head = element('th', name), cell = element('td'), bar = element('div', '', 'bar');
        head.scope = 'row';
        bar.style.width = (100 * p) + '%';
        cell.append(bar);
        row.append(head, element('td', p.toFixed(3), 'number'), cell);
        rows.append(row);
      }
      return ranked.length > 10 ? [table, element('p', 'and ' + (ranked.length - 10) + ' less probable', 'soft')] : [table];
    }
    async function ask(file) {
      const query = new URLSearchParams({ name: file.name });
      if (by('map').checked) query.set('heat_map', '1');
      if (by('views').value) query.set('tta', by('views').value);
      const headers = { 'Content-Type': file.type.startsWith('image/') ? file.type : 'application/octet-stream' };
      if (by('token').value) headers.Authorization = 'Bearer ' + by('token').value;
      const response = await fetch('predict?' + query, { method: 'POST', body: file, headers });
      if (response.status === 401) { by('key').hidden = false; by('token').focus(); }
      const document = await response.json();
      if (!response.ok) throw new Error(document.error.message);
      return document.photos[0];
    }
    async function show(file) {
      const article = element('article'), pictures = element('div', undefined, 'pictures');
      article.append(element('h2', file.name), pictures);
      by('answers').prepend(article);
      try {
        const answer = await ask(file);
        pictures.append(picture(URL.createObjectURL(file), 'The photo'));
        if (answer.heat_map)
          pictures.append(picture('data:image/png;base64,' + answer.heat_map, 'Where the model looks, bright'));
        const said = [].concat(answer.predicted).join(', ') || 'no label';
        article.append(element('p', 'Predicted: ' + said), ...bars(answer.probabilities));
        return file.name + ': ' + said;
      } catch (error) {
        article.append(element('p', error.message, 'bad'));
        return file.name + ': ' + error.message;
      }
    }
    async function all(files) {
      for (const file of files) {
        by('state').textContent = 'Looking at ' + file.name + ' …';
        by('state').textContent = await show(file);
      }
      by('files').value = '';
    }
    by('form').addEventListener('submit', event => event.preventDefault());
    by('files').addEventListener('change', () => all([...by('files').files]));
    for (const kind of ['dragenter', 'dragover', 'dragleave', 'drop'])
      document.addEventListener(kind, event => {
        event.preventDefault();
        by('drop').classList.toggle('over', kind === 'dragenter' || kind === 'dragover');
        if (kind === 'drop') all([...event.dataTransfer.files]);
      });

    """
}
