"""What every chart is drawn with: colours, amounts, bars and panels."""
