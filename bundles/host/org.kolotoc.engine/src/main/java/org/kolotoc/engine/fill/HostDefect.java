package org.kolotoc.engine.fill;

/** Something of the program's own broke while a plugin was at work: not the plugin's fault, though its code is on the stack. */
public final class HostDefect extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param doing in words: {@code compiling the program 'train'} */
    public HostDefect(String doing, RuntimeException cause) {
        super(doing + " failed: " + cause, cause);
    }
}
