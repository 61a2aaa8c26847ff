"""Opens pages in Chromium and looks for what a test can't: at 390 and 1280 pixels, light and dark, no message on the console,
no request but for the page itself, nothing wider than the window, text with a contrast of 4.5 (WCAG 2.2, 1.4.3), everything
that can be clicked reachable by Tab, and how long it takes to be there. A page that a server shows (tutti serve, tutti watch --port)
may ask that server for more; --photo gives it one, as a user would.

    pip install playwright
    python Tests/Golden/check_pages.py runs/a/report.html [--shots FOLDER] [--chromium /usr/bin/chromium]
    python Tests/Golden/check_pages.py http://127.0.0.1:8080/ --photo party.jpg
"""

import argparse
import pathlib
import sys

from playwright.sync_api import sync_playwright

# Contrast of each text with what lies behind it, by the WCAG's formula; transparent layers are mixed.
CONTRAST = """() => {
  const parse = c => { const m = c.match(/[\\d.]+/g).map(Number); return [m[0], m[1], m[2], m[3] ?? 1]; };
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const bad = [];
  let least = 21, count = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, element = node.parentElement;
    if (!node.textContent.trim() || element.closest('style,desc,title')) continue;
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height || !element.checkVisibility()) continue;
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
    let back = [255, 255, 255, 1];
    if (matchMedia('(prefers-color-scheme: dark)').matches) back = [0, 0, 0, 1];
    for (const layer of layers.reverse()) back = over(layer, back);
    const style = getComputedStyle(element);
    const ink = over(parse(element instanceof SVGElement ? style.fill : style.color), back);
    const [a, b] = [light(ink), light(back)].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    least = Math.min(least, ratio); count += 1;
    if (ratio < 4.5) bad.push([node.textContent.trim().slice(0, 40), ratio.toFixed(2)]);
  }
  return {least, count, bad};
}"""


def check(browser, path, width, scheme, shots, photo):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    problems, requests = [], []
    page.on("console", lambda message: problems.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: problems.append(f"error: {error}"))
    page.on("request", lambda request: requests.append(request.url))
    is_file = pathlib.Path(path).exists()
    address = pathlib.Path(path).resolve().as_uri() if is_file else path
    page.goto(address)
    if photo:
        page.set_input_files("input[type=file]", photo)
        page.wait_for_selector("article img", timeout=20_000)
    if not is_file:
        page.wait_for_timeout(1500)
    milliseconds = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    others = [url for url in requests if not url.startswith((address, "data:", "blob:"))]
    problems += [f"request: {url}" for url in others]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if wide > 0:
        problems.append(f"{wide} pixels wider than the window")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = page.evaluate(CONTRAST)
    problems += [f"contrast {ratio}: {text}" for text, ratio in found["bad"][:10]]
    targets = page.evaluate("[...document.querySelectorAll('a[href],summary,button,input,select')].filter(e => e.checkVisibility()).length")
    reached = page.evaluate(
        "[...document.querySelectorAll('a[href],summary,button,input,select')].filter(e => e.checkVisibility() && e.tabIndex >= 0).length")
    if reached < targets:
        problems.append(f"{targets - reached} of {targets} links and buttons are out of Tab's reach")
    unnamed = page.evaluate("[...document.querySelectorAll('img:not([alt]),svg:not([aria-labelledby],[aria-label])')].length")
    if unnamed:
        problems.append(f"{unnamed} pictures without a text")
    if shots:
        name = pathlib.Path(path).stem if is_file else "".join(c if c.isalnum() else "-" for c in path)
        page.screenshot(path=f"{shots}/{name}-{width}-{scheme}.png", full_page=True)
    print(f"{path} at {width} px, {scheme}: there in {milliseconds:.0f} ms, {targets} links, {found['count']} texts, "
          f"least contrast {found['least']:.2f}, {len(problems)} problems")
    for problem in problems:
        print("  " + problem)
    page.close()
    return not problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pages", nargs="+", help="files or addresses")
    parser.add_argument("--photo", help="is given to the page's first input of files")
    parser.add_argument("--shots")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        fine = [check(browser, page, width, scheme, options.shots, options.photo)
                for page in options.pages for width in (390, 1280) for scheme in ("light", "dark")]
        browser.close()
    sys.exit(0 if all(fine) else 1)


main()
