"""The drawn panels of the animatic: a request goes in, one silent take comes out. All its drawing lives here.

`take` runs a request; `shot` paints one shot: a set (`ground`, `sets`), what stands in it (`stage`, `figure`, `prop`,
`portrait`), type over it (`lettering`), and one move of the camera (`camera`, `move`) through planes at three depths.
"""
