package org.kolotoc.text;

import java.util.Arrays;

/**
 * The smallest automaton that accepts every substring of a text (Blumer et al. 1985). States are numbers, edges lie in
 * one hash table of (state, character); built in time linear in the text.
 */
final class SuffixAutomaton {
    private static final long EMPTY = -1;

    private final int[] link;
    private final int[] length;
    private final long[] keys;
    private final int[] targets;
    /** Characters that lead out of a state, as a list: a clone needs those of its original. */
    private final int[] firstEdge;

    private final int[] nextEdge;
    private final char[] edgeCharacter;
    private int states = 1;
    private int edges;

    SuffixAutomaton(String text) {
        int most = Math.max(2, 2 * text.length());
        int mostEdges = Math.max(2, 3 * text.length());
        link = new int[most];
        length = new int[most];
        firstEdge = new int[most];
        nextEdge = new int[mostEdges];
        edgeCharacter = new char[mostEdges];
        keys = new long[Integer.highestOneBit(mostEdges) * 4];
        targets = new int[keys.length];
        Arrays.fill(keys, EMPTY);
        Arrays.fill(firstEdge, -1);
        link[0] = -1;
        int last = 0;
        for (int i = 0; i < text.length(); i++) {
            last = append(last, text.charAt(i));
        }
    }

    /** Length of the longest substring of another text that is a substring of this one. */
    int longestIn(String other) {
        int state = 0;
        int matched = 0;
        int longest = 0;
        for (int i = 0; i < other.length(); i++) {
            char character = other.charAt(i);
            int next = go(state, character);
            while (next < 0 && state != 0) {
                state = link[state];
                matched = length[state];
                next = go(state, character);
            }
            if (next >= 0) {
                state = next;
                matched++;
                longest = Math.max(longest, matched);
            }
        }
        return longest;
    }

    private int append(int last, char character) {
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

    private int go(int state, char character) {
        int slot = slot(state, character);
        return keys[slot] == EMPTY ? -1 : targets[slot];
    }

    private void set(int state, char character, int target) {
        int slot = slot(state, character);
        if (keys[slot] == EMPTY) {
            keys[slot] = key(state, character);
            nextEdge[edges] = firstEdge[state];
            edgeCharacter[edges] = character;
            firstEdge[state] = edges++;
        }
        targets[slot] = target;
    }

    private int slot(int state, char character) {
        long key = key(state, character);
        long mixed = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> 32) & keys.length - 1;
        while (keys[slot] != EMPTY && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    private static long key(int state, char character) {
        return (long) state << 16 | character;
    }
}
