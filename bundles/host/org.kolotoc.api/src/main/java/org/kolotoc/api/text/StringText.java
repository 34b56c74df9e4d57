package org.kolotoc.api.text;

import java.util.Iterator;
import java.util.List;
import java.util.Objects;

/** A text that fits into a string. */
record StringText(String text) implements Text {
    @Override
    public long length() {
        return text.length();
    }

    @Override
    public String excerpt(long from, int length) {
        Objects.checkFromIndexSize(from, length, text.length());
        return text.substring(boundary((int) from), boundary((int) from + length));
    }

    private int boundary(int at) {
        boolean within =
                at > 0 && at < text.length() && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
        return within ? at - 1 : at;
    }

    @Override
    public Iterator<String> iterator() {
        return (text.isEmpty() ? List.<String>of() : List.of(text)).iterator();
    }
}
