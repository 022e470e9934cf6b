"""The search for a few target sizes that hold many samples with little padding.

It works on numbers alone and knows neither catalog nor options.
"""
