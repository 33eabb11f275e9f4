import '@fontsource-variable/inter';
import './ui/tokens.css';
import './ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { followPage } from './diagnostics/report/page-log.ts';

followPage(window);

const container = document.getElementById('root');
if (!container) throw new Error('index.html lacks the element #root');
createRoot(container).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
