import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { messages } from './i18n';
import { htmlLanguage, inOrder } from './language';
import { keepForOffline } from './offline/keep-for-offline';
import { pageLanguage } from './page-language';
import { theme } from './theme/theme.svelte';

document.documentElement.lang = htmlLanguage(pageLanguage);
document.title = [messages.siteName, messages.siteSubject].map((text) => inOrder(text, pageLanguage)).join(' — ');
theme.start();

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
mount(App, { target });
if (import.meta.env.PROD) keepForOffline();
