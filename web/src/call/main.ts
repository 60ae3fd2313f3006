import { mount } from 'svelte';
import '../app.css';
import '../board/board.css';
import { inOrder } from '../language';
import { pageLanguage } from '../page-language';
import { theme } from '../theme/theme.svelte';
import CallPage from './CallPage.svelte';
import { callMessages } from './messages';

document.documentElement.lang = pageLanguage === 'en' ? 'en' : 'ja';
document.title = inOrder(callMessages.title, pageLanguage, ' — ');

theme.start();

const target = document.getElementById('app');
if (target === null) throw new Error('call.html has no #app');
mount(CallPage, { target });
