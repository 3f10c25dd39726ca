/// How all pages look: one column on a phone, plain and calm, light and dark as the device is.
enum PageStyle {
    static let text: HTML = """

        :root {
          --ground: #f3f7f8; --card: #ffffff; --ink: #12252d; --soft: #4d626b; --line: #cfdadd; --edge: #72868e;
          --accent: #0b6676; --accent-ink: #ffffff; --accent-strong: #084d59; --tint: #e2f0f2;
          --bad: #a4232f; --bad-tint: #fdf0f0;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #0c161b; --card: #13222a; --ink: #e7eff1; --soft: #a3b6bd; --line: #2a3d46; --edge: #7c939c;
            --accent: #67cfdd; --accent-ink: #07191d; --accent-strong: #93e0ea; --tint: #17323a;
            --bad: #ff9c9c; --bad-tint: #34191d;
          }
        }
        * { box-sizing: border-box; }
        html { font: 100%/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground); color: var(--ink); overflow-wrap: break-word; }
        main { flex: 1; display: grid; min-width: 0; }
        a { color: var(--accent); text-underline-offset: .2em; }
        a:hover { color: var(--accent-strong); }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .35rem; letter-spacing: -.01em; }
        h1 + form, h1 + .alert, h1 + .done { margin-top: 1.1rem; }
        h2 { font-size: 1.05rem; margin: 0 0 .75rem; }
        p { margin: 0 0 1rem; }
        .soft { color: var(--soft); }
        code { font: .92em ui-monospace, "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace; }
        .skip { position: absolute; left: -100vw; }
        .skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem .75rem; }
        .mark { width: 1.6em; height: 1.6em; fill: var(--accent); vertical-align: -.45em; }

        .bar { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between;
          padding: .7rem clamp(1rem, 4vw, 2.5rem); background: var(--card); border-bottom: 1px solid var(--line); }
        .brand { font-weight: 650; color: var(--ink); text-decoration: none; padding: .25rem 0; }
        .bar nav { display: flex; flex: 1 1 16rem; gap: 1rem; align-items: center; justify-content: flex-end; min-width: 0; }
        .who { line-height: 1.25; text-align: right; min-width: 0; overflow-wrap: anywhere; }
        .who small { display: block; color: var(--soft); }
        @media (max-width: 32rem) { .bar nav { justify-content: space-between; } .who { text-align: left; } }

        .lone { display: grid; grid-template-columns: minmax(0, 1fr); justify-items: center; align-content: safe center;
          padding: 2rem 1rem; }
        .lone > .card { width: 100%; max-width: 26rem; }
        .lone .logo { font-size: 1.15rem; font-weight: 650; margin: 0 0 1.25rem; }
        .card { background: var(--card); border: 1px solid var(--line); border-radius: .8rem;
          padding: clamp(1.25rem, 5vw, 2rem); box-shadow: 0 1px 2px rgb(0 20 30 / .05), 0 8px 28px rgb(0 20 30 / .05); }

        .field { margin: 0 0 1.1rem; }
        label { display: block; font-weight: 600; margin: 0 0 .3rem; }
        .hint { color: var(--soft); font-size: .9rem; margin: 0 0 .35rem; }
        input { width: 100%; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--edge);
          border-radius: .45rem; padding: .6rem .7rem; min-height: 2.75rem; }
        input:focus-visible { outline-offset: 0; }
        input[aria-invalid=true] { border-color: var(--bad); border-width: 2px; }
        .wrong { color: var(--bad); font-size: .92rem; margin: .35rem 0 0; }
        .alert { background: var(--bad-tint); color: var(--bad); border: 1px solid currentcolor; border-radius: .45rem;
          padding: .65rem .8rem; margin: 0 0 1.1rem; }
        .done { background: var(--tint); border-radius: .45rem; padding: .65rem .8rem; margin: 0 0 1.1rem; }
        .check { display: flex; gap: .5rem; align-items: center; font-weight: 400; min-height: 1.75rem;
          margin: -.5rem 0 1.1rem; width: fit-content; }
        .check input { width: 1.15rem; min-height: 0; height: 1.15rem; margin: 0; accent-color: var(--accent); }
        button { font: inherit; font-weight: 600; cursor: pointer; min-height: 2.75rem; padding: .55rem 1.2rem;
          border: 1px solid transparent; border-radius: .45rem; background: var(--accent); color: var(--accent-ink); }
        button:hover { background: var(--accent-strong); }
        .card form > button { width: 100%; }
        .card form + p { margin: 1.25rem 0 0; }
        button.quiet { background: transparent; color: var(--ink); border-color: var(--edge); font-weight: 500;
          min-height: 2.25rem; padding: .25rem .8rem; white-space: nowrap; }
        button.quiet:hover { border-color: var(--accent); color: var(--accent-strong); }
        [hidden] { display: none; }

        .wide { width: 100%; max-width: 62rem; margin: 0 auto; padding: clamp(1.5rem, 5vw, 3.5rem) clamp(1rem, 4vw, 2.5rem); }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 1rem;
          margin: 1.5rem 0 2.5rem; }
        .figures > div { background: var(--card); border: 1px solid var(--line); border-radius: .8rem; padding: 1.1rem 1.3rem;
          display: flex; flex-direction: column-reverse; justify-content: flex-end; }
        .figures dt { color: var(--soft); }
        .figures dd { margin: 0; font-size: 2rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; }
        .ways { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line); }
        .ways > li { padding: .85rem 0; border-bottom: 1px solid var(--line); }
        .ways a { font-weight: 600; display: inline-block; padding: .1rem 0; }
        .ways p { margin: 0; color: var(--soft); }
        .ways code { overflow-wrap: anywhere; }
        .method { display: inline-block; min-width: 4.2em; font-weight: 650; color: var(--accent); }
        .back { margin: 0 0 1rem; }

        """
}
