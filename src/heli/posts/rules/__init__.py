"""Pure rules of posts and appraisal, a file per topic: whole numbers in, posts and scores out."""
