"""The only home of ffmpeg, moviepy, Pillow and the voice."""
