"""The drawn panels of the animatic: a request goes in, one silent take comes out. All its drawing lives here.

`take` runs a request; `shot` shows one shot frame by frame; `scene` draws it once, before the camera moves: a set
(`ground`, `place` and the painters `outdoors`, `built`, `indoors`, `lookouts`), who stands in it (`stage`, `figure`,
`prop`, `portrait`), the type over it (`lettering`), the `weather`. `camera` reads the words, `move` says where the
camera is in every frame, `plane` and `frame` look through it. Nothing jumps by whole pixels, no two frames are alike.
"""
