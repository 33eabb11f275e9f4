import { describe, expect, it } from 'vitest';
import { pictureFileProblem } from '../../../renderer/feed/picture-file.ts';

describe('a file for a picture', () => {
  it.each(['image/png', 'image/jpeg', 'image/webp'])('may be %s', (type) => {
    expect(pictureFileProblem({ type, size: 8 * 1024 * 1024 })).toBeUndefined();
  });

  it.each(['image/svg+xml', 'image/gif', 'video/mp4', ''])('is not “%s”', (type) => {
    expect(pictureFileProblem({ type, size: 10 })).toContain('PNG, JPEG or WebP');
  });

  it('is not larger than a node takes', () => {
    const problem = pictureFileProblem({ type: 'image/png', size: 8 * 1024 * 1024 + 1 });
    expect(problem).toContain('larger than 8 MB');
  });
});
