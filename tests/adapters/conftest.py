import os

# read by Haystack when it is imported
os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "false"
