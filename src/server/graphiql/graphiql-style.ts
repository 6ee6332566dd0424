/**
 * What GraphiQL looks like beyond its own styles.
 *
 * It shifts tabs that it opens with by hundreds of pixels while one has the focus, so that a click misses it; it puts them
 * all into one line, without a scrollbar; what has the focus of the keyboard it outlines in a grey that nobody sees; and on
 * a telephone it puts everything side by side.
 */
export const GRAPHIQL_STYLE = `
  .graphiql-container .graphiql-tabs .graphiql-tab { transform: none !important; }
  .graphiql-container .graphiql-tabs { flex-wrap: wrap; row-gap: 2px; }
  .graphiql-container .graphiql-session-header { height: auto; min-height: var(--session-header-height); }

  :is(.graphiql-container, .graphiql-dialog) :is(a, button, .graphiql-editor):focus-visible {
    outline: 2px solid hsl(var(--color-neutral)) !important;
    outline-offset: -2px;
  }

  @media (max-width: 700px) {
    .graphiql-container .graphiql-container { flex-direction: column-reverse; }
    .graphiql-container .graphiql-sidebar { flex-direction: row; width: auto; }
    .graphiql-container .graphiql-sidebar > :nth-child(3) { margin: 0 0 0 auto !important; }
    .graphiql-container .graphiql-main, .graphiql-container #graphiql-session { flex-direction: column; }
    .graphiql-container :is(.graphiql-sessions, #graphiql-session, .graphiql-editors, .graphiql-response) { min-height: 0; overflow: hidden; }
    .graphiql-container .graphiql-main { min-height: 0; }
    .graphiql-container .graphiql-sessions { margin: 0 !important; border-radius: 0; }
    .graphiql-container .graphiql-plugin { flex: 1 !important; border: 0; }
    .graphiql-container .graphiql-plugin:not([style*="opacity: 0"]) ~ .graphiql-sessions { display: none; }
    .graphiql-container .graphiql-horizontal-drag-bar { display: none; }
    .graphiql-container .graphiql-logo { display: none; }
    .graphiql-container .graphiql-tabs { flex-wrap: nowrap; overflow-x: auto; }
    .graphiql-container .graphiql-tabs .graphiql-tab { touch-action: pan-x !important; }
  }
`;
