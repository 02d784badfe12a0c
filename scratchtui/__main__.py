"""`python -m scratchtui` is `scratchtui`."""

from scratchtui.cli import main

if __name__ == "__main__":
    main()
