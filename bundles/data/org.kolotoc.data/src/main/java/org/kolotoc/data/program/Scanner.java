package org.kolotoc.data.program;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line of Python in its tokens: names, texts in quotes, and signs. Comments are left out. */
final class Scanner {
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:(#.*)|(\\w+)|('[^'\\\\]*'|\"[^\"\\\\]*\")|(\\[::-1]|==|!=|[().,=:]))");

    /** Expressions within expressions. */
    private static final int DEEPEST = 50;

    private final String line;
    private final List<String> tokens = new ArrayList<>();
    private int at;
    private int depth;

    /** @throws NotUnderstood when it has something else */
    Scanner(String line) {
        this.line = line.strip();
        Matcher token = TOKEN.matcher(this.line);
        int end = 0;
        while (end < this.line.length()) {
            token.region(end, this.line.length());
            if (!token.lookingAt()) {
                throw fault();
            }
            end = token.end();
            if (token.group(1) == null) {
                tokens.add(token.group().strip());
            }
        }
    }

    /** Of an expression within what is being read, which is read again and again. */
    Scanner inside(String again) {
        Scanner inside = new Scanner(again);
        inside.depth = depth;
        return inside;
    }

    /** @throws NotUnderstood when an expression stands within too many others */
    void enter() {
        if (++depth > DEEPEST) {
            throw new NotUnderstood("more than " + DEEPEST + " expressions within each other");
        }
    }

    void leave() {
        depth--;
    }

    boolean isAtEnd() {
        return at == tokens.size();
    }

    String next() {
        if (isAtEnd()) {
            throw fault();
        }
        return tokens.get(at++);
    }

    /** Whether a token comes next, which is read then. */
    boolean reads(String token) {
        boolean found = !isAtEnd() && tokens.get(at).equals(token);
        at += found ? 1 : 0;
        return found;
    }

    void require(String token) {
        if (!reads(token)) {
            throw fault();
        }
    }

    /** Whether a token comes so many further on. */
    boolean has(int further, String token) {
        return at + further < tokens.size() && tokens.get(at + further).equals(token);
    }

    NotUnderstood fault() {
        return new NotUnderstood("'" + line + "'" + (isAtEnd() ? ", at its end" : ", at '" + tokens.get(at) + "'"));
    }
}
