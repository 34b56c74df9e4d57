package org.kolotoc.engine.guard;

/** The thread of a run. Nobody interrupts it but itself, and who watches over it: what a plugin of another run does is none. */
public final class RunThread extends Thread {
    public RunThread(String name, Runnable work) {
        super(work, name);
        setDaemon(true);
    }

    @Override
    public void interrupt() {
        if (Thread.currentThread() == this) {
            super.interrupt();
        }
    }

    /** Interrupts what does not come back. */
    void wake() {
        super.interrupt();
    }
}
