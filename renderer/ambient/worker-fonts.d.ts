/** A worker's own fonts (CSS Font Loading, FontFaceSource); absent where there is no worker. */
declare const fonts: FontFaceSet;
