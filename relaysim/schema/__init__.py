"""JSON Schemas of the files that people edit and of the documents that ``-o json`` prints.

They are made of the property catalogue and of the words of the model, never written twice.
"""
