import { createApp } from '@backstage/frontend-defaults';
import { homePage } from './home';

// Plugins are found through `app.packages: all` in app-config.yaml.
export default createApp({ features: [homePage] }).createRoot();
