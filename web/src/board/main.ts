import { mount } from 'svelte';
import '../app.css';
import './board.css';
import { inOrder } from '../language';
import { pageLanguage } from '../page-language';
import { theme } from '../theme/theme.svelte';
import Board from './Board.svelte';
import { boardMessages } from './messages';

document.documentElement.lang = pageLanguage === 'en' ? 'en' : 'ja';
document.title = inOrder(boardMessages.title, pageLanguage, ' — ');

theme.start();

const target = document.getElementById('app');
if (target === null) throw new Error('board.html has no #app');
mount(Board, { target });
