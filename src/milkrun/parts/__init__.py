"""What is made and moved: parts, their units, customers' numbers for them and bills of material."""
