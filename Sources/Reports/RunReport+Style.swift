extension RunReport {
  /// The look of pages: one column that fits a phone, light or dark as the reader's system is.
  static let style = """
    :root { color-scheme: light dark; --line: rgba(128, 128, 128, 0.3); --soft: rgba(128, 128, 128, 0.1); }
    * { box-sizing: border-box; }
    body { margin: 0; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
    main { max-width: 860px; margin: 0 auto; padding: 16px; }
    h1 { margin: 0; font-size: 1.6rem; overflow-wrap: anywhere; }
    h2 { margin: 2rem 0 0.5rem; font-size: 1.2rem; border-bottom: 1px solid var(--line); }
    .conclusion { margin: 0.25rem 0 1rem; overflow-wrap: anywhere; }
    .note { margin: 0 0 0.5rem; opacity: 0.75; font-size: 0.9rem; }
    nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin-top: 1rem; font-size: 0.95rem; }
    nav a { color: inherit; padding: 0.3rem 0; }
    svg { max-width: 100%; height: auto; }
    svg.chart { display: block; width: min(100%, 640px); overflow: visible; }
    svg.square { width: min(100%, 480px); }
    .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 8px; }
    .tiles div { background: var(--soft); border-radius: 8px; padding: 8px 12px; }
    .tiles b { display: block; font-size: 1.3rem; overflow-wrap: anywhere; }
    .tiles span { opacity: 0.75; font-size: 0.85rem; }
    .scroll { overflow-x: auto; max-width: 100%; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.95rem; }
    th, td { padding: 4px 10px; border: 1px solid var(--line); text-align: right; font-weight: normal; white-space: nowrap; }
    th[scope="row"] { text-align: left; }
    .facts td { text-align: left; white-space: normal; overflow-wrap: anywhere; }
    .net { background: #ffffff; border-radius: 8px; padding: 8px; }
    .net svg { display: block; margin: 0 auto; }
    pre { background: var(--soft); border-radius: 8px; padding: 12px; font-size: 0.8rem; line-height: 1.4; }
    .gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(130px, 1fr)); gap: 12px; }
    figure { margin: 0; background: var(--soft); border-radius: 8px; overflow: hidden; }
    figure img { display: block; width: 100%; image-rendering: pixelated; }
    figcaption { padding: 6px 8px; font-size: 0.8rem; overflow-wrap: anywhere; }
    figcaption span { display: block; }
    figcaption small { display: block; opacity: 0.7; max-height: 6.5em; overflow: hidden; }
    @media (max-width: 500px) {
      th, td { padding: 3px 5px; font-size: 0.85rem; }
      tr:first-child th:first-child { white-space: normal; }
      svg.chart text { font-size: 14px; }
    }

    """
}
