"""What a film is put together from: words, tables, fragments, scene templates, and the values of axes."""
