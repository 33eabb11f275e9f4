/**
 * Calls back once the element shows its next frame, as the person sees it. Returns how to stop
 * waiting. Browsers without `requestVideoFrameCallback` tell by the element's own progress.
 */
export function onFirstFrame(video: HTMLVideoElement, seen: () => void): () => void {
  if ('requestVideoFrameCallback' in video) {
    const handle = video.requestVideoFrameCallback(seen);
    return () => video.cancelVideoFrameCallback(handle);
  }
  const element: HTMLVideoElement = video;
  element.addEventListener('timeupdate', seen, { once: true });
  return () => element.removeEventListener('timeupdate', seen);
}
