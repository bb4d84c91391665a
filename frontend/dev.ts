// The page's entry under `make dev`: React's fast refresh must be set up before any component is loaded.
import '@vitejs/plugin-react/preamble';
import './src/main';
