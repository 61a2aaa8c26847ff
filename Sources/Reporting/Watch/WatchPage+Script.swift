extension WatchPage {
  /// What runs in the page.
  package static let script = """

    function drawn(name, attributes, text) {
      const made = document.createElementNS('http://www.w3.org/2000/svg', name);
      for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
      if (text !== undefined) made.textContent = text;
      return made;
    }
    const isNumber = value => typeof value === 'number';
    const short = value => isNumber(value) ? String(Number(value.toPrecision(3))) : '–';
    const count = value => isNumber(value) ? value.toLocaleString('en') : '–';
    const of = (value, all) => count(value) + (isNumber(all) ? '/' + count(all) : '');
    const several = (value, name) => count(value) + ' ' + name + (value === 1 ? '' : 's');
    const percent = value => (100 * value).toFixed(1) + ' %';
    function duration(seconds) {
      if (!isNumber(seconds)) return '–';
      if (seconds < 100) return Math.round(seconds) + ' s';
      const minutes = Math.round(seconds / 60), hours = Math.floor(minutes / 60);
      if (hours === 0) return minutes + ' min';
      return hours < 24 ? hours + ' h ' + minutes % 60 + ' min' : Math.floor(hours / 24) + ' d ' + hours % 24 + ' h';
    }
    function bytes(value) {
      return value < 1e9 ? Math.round(value / 1e6) + ' MB' : (value / 1e9).toFixed(1) + ' GB';
    }
    function table(caption, heads, rows) {
      const made = element('table'), head = element('thead'), first = element('tr'), body = element('tbody');
      for (const text of heads) {
        const cell = element('th', text, text === 'settings' || text === 'state' ? 'text' : '');
        cell.scope = 'col';
        first.append(cell);
      }
      head.append(first);
      for (const row of rows) {
        const line = element('tr');
        row.forEach((text, place) => {
          const cell = element(place === 0 ? 'th' : 'td', text, place > 0 && !/^[–\\d]/.test(text) ? 'text' : '');
          if (place === 0) cell.scope = 'row';
          line.append(cell);
        });
        body.append(line);
      }
      made.append(element('caption', caption), head, body);
      return made;
    }
    function chart(title, curves, series, chosen) {
      const section = element('section'), [width, height, left, bottom] = [480, 230, 52, 28];
      const picture = drawn('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title });
      const values = curves.flatMap(epoch => series.map(one => epoch[one.key])).filter(isNumber);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const [from, to] = [curves[0].epoch, curves[curves.length - 1].epoch];
      const x = epoch => left + (width - left - 12) * (to > from ? (epoch - from) / (to - from) : .5);
      const y = value => 12 + (height - bottom - 24) * (high > low ? 1 - (value - low) / (high - low) : .5);
      picture.append(drawn('path', { class: 'axis', d: `M${left} 4V${height - bottom}H${width}` }));
      for (const value of high > low ? [low, (low + high) / 2, high] : [low])
        picture.append(drawn('text', { x: left - 6, y: y(value) + 4, 'text-anchor': 'end' }, short(value)));
      picture.append(drawn('text', { x: left, y: height - 8 }, 'epoch ' + from));
      picture.append(drawn('text', { x: width - 12, y: height - 8, 'text-anchor': 'end' }, to));
      if (isNumber(chosen)) {
        picture.append(drawn('line', { class: 'chosen', x1: x(chosen), x2: x(chosen), y1: 4, y2: height - bottom }));
        const end = x(chosen) > width / 2;
        picture.append(drawn('text', { x: x(chosen) + (end ? -5 : 5), y: height - bottom - 6, 'text-anchor': end ? 'end' : 'start' }, 'best: ' + chosen));
      }
      for (const one of series) {
        let path = '', pen = 'M';
        for (const epoch of curves) {
          if (!isNumber(epoch[one.key])) { pen = 'M'; continue; }
          path += pen + x(epoch.epoch).toFixed(1) + ' ' + y(epoch[one.key]).toFixed(1);
          pen = 'L';
        }
        picture.append(drawn('path', { class: one.kind, d: path }));
      }
      section.append(element('h2', title), picture);
      return section;
    }
    function charts(training, metric, title) {
      const curves = training.curves || [], box = by('curves');
      const open = box.querySelector('details')?.open;
      if (curves.length < 2) return box.replaceChildren();
      const has = key => curves.some(epoch => isNumber(epoch[key]));
      const losses = [], made = [];
      if (has('validation_loss')) losses.push({ key: 'validation_loss', kind: 'first' });
      if (has('training_loss')) losses.push({ key: 'training_loss', kind: 'second' });
      if (losses.length > 0)
        made.push(chart('Loss: ' + (losses.length > 1 ? 'validation (line), training (dashed)' : 'training'), curves, losses, training.best_epoch));
      if (metric && metric !== 'loss' && has('value'))
        made.push(chart(title + ' of the validation photos', curves, [{ key: 'value', kind: 'first' }], training.best_epoch));
      const details = element('details'), summary = element('summary', 'The numbers'), wide = element('div', undefined, 'wide');
      wide.append(table('Epochs', ['epoch', 'training loss', 'validation loss', title || 'value'],
        curves.map(epoch => [String(epoch.epoch), short(epoch.training_loss), short(epoch.validation_loss), short(epoch.value)])));
      details.append(summary, wide);
      details.open = open;
      if (document.activeElement?.closest('details')) setTimeout(() => summary.focus());
      box.replaceChildren(...made, details);
    }
    function facts(status, training) {
      const made = [];
      const tell = (name, text) => { if (text) made.push(element('dt', name), element('dd', text)); };
      if (isNumber(status.ranks) && /^running/.test(status.state))
        tell('ranks', several(status.ranks, 'rank') + ' × ' + several(status.threads, 'thread') + ' on ' + several(status.hosts, 'host')
          + (isNumber(status.process) ? '; process ' + status.process + ' on ' + status.host + ', for ' + duration(status.time - status.since) : ''));
      if (isNumber(status.held_out)) tell('held out', status.metric_title + ' ' + short(status.held_out) + ', the mean of the folds that are done');
      if (status.best_trial) tell('best', status.best_trial);
      if (training) {
        if (isNumber(training.step)) tell('progress', 'epoch ' + of(training.epoch, training.epochs) + ', step ' + of(training.step, training.last_step));
        if (isNumber(training.seconds_left))
          tell('left', duration(training.seconds_left) + ', done ' + new Date(1000 * (status.time + training.seconds_left)).toLocaleString());
        if (isNumber(training.images_per_second))
          tell('step', short(training.images_per_second) + ' images/s, loss ' + short(training.loss) + ', lr ' + short(training.learning_rate));
        if (isNumber(training.waited_share))
          tell('waiting', percent(training.waited_share) + ' for photos'
            + (isNumber(training.exchange_share) ? ', ' + percent(training.waited_for_ranks_share) + ' for each other, ' + percent(training.exchange_share) + ' to exchange' : ''));
        if (isNumber(training.resident_bytes))
          tell('memory', bytes(training.resident_bytes) + ' in the largest rank'
            + (isNumber(training.memory_limit) && isNumber(training.memory_left) ? '; ' + bytes(training.memory_left) + ' of ' + bytes(training.memory_limit) + ' are left' : ''));
        if (training.checkpoint) tell('saved', 'step ' + count(training.checkpoint.step) + ', ' + duration(training.checkpoint.seconds_ago) + ' ago');
        if (isNumber(training.best))
          tell('best', (isNumber(training.best_epoch) ? 'epoch ' + training.best_epoch + ': ' : '') + status.metric_title + ' ' + short(training.best));
        if (training.skipped > 0) tell('skipped', training.skipped + ' steps that weren\\u2019t finite');
        if (training.is_quiet) tell('quiet', 'no step for ' + duration(training.seconds_since_change));
        tell('note', training.note);
      }
      by('facts').replaceChildren(...made);
    }
    function parts(status) {
      if (status.kind === 'run' || status.trainings.length === 0) return by('parts').replaceChildren();
      const isSearch = status.kind === 'search';
      const rows = status.trainings.map(one => [one.name, one.activity || one.state, of(one.epoch, one.epochs), of(one.step, one.last_step),
        one.activity ? short(one.images_per_second) : '–', one.activity ? duration(one.seconds_left) : '–', short(one.best),
        isSearch ? one.note || Object.entries(one.settings || {}).map(([key, value]) => key + '=' + value).join(' ') : short(one.held_out)]);
      by('parts').replaceChildren(table(isSearch ? 'Trials' : 'Folds',
        ['', 'state', 'epoch', 'step', 'images/s', 'left', status.metric_title || 'best', isSearch ? 'settings' : 'held out'], rows));
    }
    function chosenPart(status) {
      if (status.kind === 'run') return status.trainings[0];
      const shown = status.trainings.filter(one => (one.curves || []).length > 0), select = by('part');
      by('choice').hidden = shown.length === 0;
      const names = shown.map(one => one.name), old = select.value;
      if (names.join('\\n') !== [...select.options].map(option => option.value).join('\\n')) {
        select.replaceChildren(...names.map(name => { const option = element('option', name); option.value = name; return option; }));
        select.value = names.includes(old) ? old : (shown.find(one => one.activity) || shown[0] || {}).name || '';
      }
      return shown.find(one => one.name === select.value);
    }
    let last;
    function say(text) { if (by('state').textContent !== text) by('state').textContent = text; }
    function show(status) {
      last = status;
      const training = chosenPart(status), isRun = status.kind === 'run';
      by('path').textContent = status.path;
      const doing = isRun && training && training.activity ? ', ' + training.activity : '';
      const done = isRun ? '' : status.kind === 'search'
        ? ', ' + status.trainings.length + ' of ' + status.count + ' trials have begun' : ', ' + status.done + ' of ' + status.count + ' folds are done';
      say(status.state + doing + done + (!isRun && isNumber(status.seconds_left) ? '; about ' + duration(status.seconds_left) + ' left' : ''));
      const share = isRun
        ? training && isNumber(training.last_step) ? (training.step || 0) / Math.max(training.last_step, 1) : 0
        : status.done / Math.max(status.count, 1);
      by('bar').setAttribute('aria-valuenow', Math.round(100 * share));
      by('bar').firstChild.style.setProperty('width', 100 * Math.min(share, 1) + '%');
      document.title = Math.floor(100 * share) + ' % ' + status.path;
      by('warnings').replaceChildren(...status.warnings.map(one => element('li', one.name + ': ' + one.text)));
      if (status.problem) by('warnings').prepend(element('li', status.problem));
      facts(status, training);
      if (training) charts(training, status.metric, status.metric_title); else by('curves').replaceChildren();
      parts(status);
    }
    async function look() {
      let status;
      try {
        const response = await fetch('status.json', { cache: 'no-store', signal: AbortSignal.timeout(10000) });
        if (response.ok) status = await response.json();
      } catch { /* It is told below. */ }
      if (status) show(status); else say('tutti watch can\\u2019t be reached any more; what is below was the last that it said');
      setTimeout(look, Number(document.body.dataset.milliseconds));
    }
    by('part').addEventListener('change', () => { if (last) show(last); });
    look();

    """
}
