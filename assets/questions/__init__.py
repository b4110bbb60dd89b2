"""What analysts ask, each with a short statement that answers it; and, as `.sql`, the views that make the statements short.

`python -m assets.questions HOME > docs/questions.md` writes the page of questions, answered on what HOME has published.
"""
