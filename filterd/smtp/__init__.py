"""How SMTP moves mail, sans-IO: lines, transparency, order, transaction, relay. PURE."""
