import type { PageData } from '../page-data.js';
import { showConnectionForm } from './connection-form.js';
import { byId } from './dom.js';
import { enableCopying } from './output.js';
import { enableTabs } from './tabs.js';
import { showTaskForm } from './task-form.js';

const data = JSON.parse(byId('definition').textContent) as PageData;
showTaskForm(data);
showConnectionForm(data);
enableTabs();
enableCopying();
