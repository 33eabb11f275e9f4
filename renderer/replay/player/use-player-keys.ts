import { type RefObject, useEffect } from 'react';
import { toggleCaptions } from './captions.ts';
import { nextSpeed, type PlayerKey, playerKey } from './player-keys.ts';

/** Where a key has a meaning of its own. */
const TYPING =
  'input, textarea, select, [contenteditable], [role=slider], [role=menu], [role=dialog]';
/** What space and the arrows already do something on. */
const PRESSED_BY_SPACE = 'button, a, summary, [role=button], [role=tab], [role=switch]';

/**
 * Lets the keyboard work the player wherever the focus is on the page, unless somebody types or the
 * key belongs to what has the focus.
 */
export function usePlayerKeys(
  video: RefObject<HTMLVideoElement | null>,
  frame: RefObject<HTMLElement | null>,
): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const player = video.current;
      if (!player || event.defaultPrevented) return;
      const target = event.composedPath()[0];
      if (target instanceof Element) {
        if (target.closest(TYPING)) return;
        const isPressed = event.key === ' ' || event.key === 'Enter';
        if (isPressed && target.closest(PRESSED_BY_SPACE)) return;
      }
      const key = playerKey(event);
      if (!key) return;
      event.preventDefault();
      act(key, player, frame.current);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [video, frame]);
}

function act(key: PlayerKey, player: HTMLVideoElement, frame: HTMLElement | null): void {
  switch (key.do) {
    case 'toggle-play':
      if (player.paused) player.play().catch(ignored);
      else player.pause();
      return;
    case 'toggle-mute':
      player.muted = !player.muted;
      return;
    case 'toggle-full-screen':
      if (document.fullscreenElement) document.exitFullscreen().catch(ignored);
      else frame?.requestFullscreen().catch(ignored);
      return;
    case 'toggle-pip':
      if (document.pictureInPictureElement) document.exitPictureInPicture().catch(ignored);
      else player.requestPictureInPicture?.().catch(ignored);
      return;
    case 'toggle-captions':
      toggleCaptions(player);
      return;
    case 'seek-by':
      seek(player, player.currentTime + key.seconds);
      return;
    case 'seek-to':
      seek(player, firstS(player) + key.fraction * (lastS(player) - firstS(player)));
      return;
    case 'volume-by':
      player.muted = false;
      player.volume = Math.min(1, Math.max(0, player.volume + key.fraction));
      return;
    case 'speed':
      player.playbackRate = nextSpeed(player.playbackRate, key.step);
  }
}

function seek(player: HTMLVideoElement, toS: number): void {
  player.currentTime = Math.min(Math.max(firstS(player), toS), lastS(player));
}

function firstS({ seekable }: HTMLVideoElement): number {
  return seekable.length > 0 ? seekable.start(0) : 0;
}

function lastS({ seekable, duration }: HTMLVideoElement): number {
  if (seekable.length > 0) return seekable.end(seekable.length - 1);
  return Number.isFinite(duration) ? duration : 0;
}

/** The browser has its reasons, e.g. no picture to put in a picture; the player stays as it is. */
function ignored(error: unknown): void {
  console.info('The player could not do that.', error);
}
