package org.kolotoc.text;

import java.util.Arrays;
import java.util.List;

/**
 * The smallest automaton that accepts every substring of some texts (Blumer et al. 1985), and what it found in another text
 * that it reads. States are numbers, edges lie in one hash table of (state, character); built in
 * time linear in the texts.
 */
final class SuffixAutomaton {
    private static final long EMPTY = -1;
    /** Stands between texts; no text has it. */
    private static final int END = 1 << 16;

    private final int[] link;
    private final int[] length;
    private final long[] keys;
    private final int[] targets;
    /** Characters that lead out of a state, as a list: a clone needs those of its original. */
    private final int[] firstEdge;

    private final int[] nextEdge;
    private final int[] edgeCharacter;
    private int states = 1;
    private int edges;
    /** Where the reader is, how many of its last characters that matches, and the most that ever did. */
    private int at;

    private int matched;
    private int longest;

    SuffixAutomaton(List<String> texts) {
        int units = texts.stream().mapToInt(text -> text.length() + 1).reduce(0, Math::addExact);
        int most = Math.max(2, Math.multiplyExact(2, units));
        int mostEdges = Math.max(2, Math.multiplyExact(3, units));
        link = new int[most];
        length = new int[most];
        firstEdge = new int[most];
        nextEdge = new int[mostEdges];
        edgeCharacter = new int[mostEdges];
        keys = new long[Math.multiplyExact(4, Integer.highestOneBit(mostEdges))];
        targets = new int[keys.length];
        Arrays.fill(keys, EMPTY);
        Arrays.fill(firstEdge, -1);
        link[0] = -1;
        int last = 0;
        for (String text : texts) {
            for (int i = 0; i < text.length(); i++) {
                last = append(last, text.charAt(i));
            }
            last = append(last, END);
        }
    }

    /** Reads on in the other text. */
    void read(String part) {
        for (int i = 0; i < part.length(); i++) {
            char character = part.charAt(i);
            int next = go(at, character);
            while (next < 0 && at != 0) {
                at = link[at];
                matched = length[at];
                next = go(at, character);
            }
            if (next >= 0) {
                at = next;
                matched++;
                longest = Math.max(longest, matched);
            }
        }
    }

    /** Length of the longest stretch of what was read that is a substring of one of the texts. */
    int longest() {
        return longest;
    }

    private int append(int last, int character) {
        int current = states++;
        length[current] = length[last] + 1;
        int state = last;
        while (state >= 0 && go(state, character) < 0) {
            set(state, character, current);
            state = link[state];
        }
        if (state < 0) {
            link[current] = 0;
            return current;
        }
        int next = go(state, character);
        if (length[next] == length[state] + 1) {
            link[current] = next;
            return current;
        }
        int clone = states++;
        length[clone] = length[state] + 1;
        link[clone] = link[next];
        for (int edge = firstEdge[next]; edge >= 0; edge = nextEdge[edge]) {
            set(clone, edgeCharacter[edge], go(next, edgeCharacter[edge]));
        }
        while (state >= 0 && go(state, character) == next) {
            set(state, character, clone);
            state = link[state];
        }
        link[next] = clone;
        link[current] = clone;
        return current;
    }

    private int go(int state, int character) {
        int slot = slot(state, character);
        return keys[slot] == EMPTY ? -1 : targets[slot];
    }

    private void set(int state, int character, int target) {
        int slot = slot(state, character);
        if (keys[slot] == EMPTY) {
            keys[slot] = key(state, character);
            nextEdge[edges] = firstEdge[state];
            edgeCharacter[edges] = character;
            firstEdge[state] = edges++;
        }
        targets[slot] = target;
    }

    private int slot(int state, int character) {
        long key = key(state, character);
        long mixed = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & keys.length - 1;
        while (keys[slot] != EMPTY && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    private static long key(int state, int character) {
        return (long) state << 17 | character;
    }
}
