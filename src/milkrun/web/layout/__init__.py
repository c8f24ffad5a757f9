"""What all pages share: frame, navigation, status words, the stylesheet and the scan listener."""
