"""Scikit-learn estimators as pure factories, and what is learned with them; today one, in shadow."""
