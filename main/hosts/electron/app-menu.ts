import { Menu, type MenuItemConstructorOptions, shell } from 'electron';
import { appVersion } from '../app-version.ts';

/**
 * The platform's usual menu. Without "Reload": one keystroke would leave the room and end its
 * recording.
 *
 * @param dataDir for "Show Data Folder"
 */
export function setAppMenu(dataDir: string): void {
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      { role: 'toggleDevTools' },
    ],
  };
  const help: MenuItemConstructorOptions = {
    role: 'help',
    submenu: [
      { label: 'Show Data Folder', click: () => shell.showItemInFolder(dataDir) },
      { label: `Version ${appVersion}`, enabled: false },
    ],
  };
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' as const }] : []),
    { role: 'fileMenu' },
    { role: 'editMenu' },
    view,
    { role: 'windowMenu' },
    help,
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
