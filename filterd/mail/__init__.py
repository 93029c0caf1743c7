"""What a mail is: commands, paths, replies, envelopes, messages, MIME. PURE: octets and values in, values out."""
