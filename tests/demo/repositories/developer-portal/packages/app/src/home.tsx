import { createFrontendModule, PageBlueprint } from '@backstage/frontend-plugin-api';

const links = [
  { to: '/create', text: 'Ask for a service or a database' },
  { to: '/catalog?filters[user]=owned', text: 'What my team owns' },
  { to: 'https://handbook.northwind-retail.example', text: 'Handbook' },
];

const Home = () => (
  <ul>
    {links.map(({ to, text }) => (
      <li key={to}>
        <a href={to}>{text}</a>
      </li>
    ))}
  </ul>
);

export const homePage = createFrontendModule({
  pluginId: 'app',
  extensions: [
    PageBlueprint.make({ name: 'home', params: { path: '/', loader: async () => <Home /> } }),
  ],
});
