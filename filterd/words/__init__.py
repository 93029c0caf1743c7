"""What a wordlist says: entries, folding, the automaton, confirming a hit. PURE."""
