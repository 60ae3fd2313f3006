import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { messages } from './i18n';
import { inOrder } from './language';
import { pageLanguage } from './page-language';

document.documentElement.lang = pageLanguage;
document.title = [messages.siteName, messages.siteSubject].map((text) => inOrder(text, pageLanguage)).join(' — ');

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
mount(App, { target });
