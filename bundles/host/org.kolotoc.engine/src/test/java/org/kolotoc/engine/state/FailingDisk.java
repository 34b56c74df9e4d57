package org.kolotoc.engine.state;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A disk that fails at the n-th change asked of it, or notes all of them. It forces nothing, which takes long. */
public final class FailingDisk implements Disk {
    /** How it fails. */
    public enum Mode {
        /** Once, without doing anything. */
        BEFORE,
        /** Once, though it did what it was asked for. */
        AFTER,
        /** From then on for ever: nothing more reaches the disk, as when the process ends. */
        KILLED
    }

    private final Mode mode;
    private final int failing;
    private final List<String> asked = new ArrayList<>();

    private FailingDisk(Mode mode, int failing) {
        this.mode = mode;
        this.failing = failing;
    }

    /** One that never fails. */
    public static FailingDisk never() {
        return new FailingDisk(Mode.BEFORE, 0);
    }

    /** @param failing the change that fails, counted from 1 */
    public static FailingDisk at(int failing, Mode mode) {
        return new FailingDisk(mode, failing);
    }

    /** What was asked of it, a line each, with the last names of paths. */
    public List<String> asked() {
        return asked;
    }

    /** Whether it came to failing. */
    public boolean failed() {
        return failing > 0 && asked.size() >= failing;
    }

    /** Does something. */
    private interface Change<T> {
        T make() throws IOException;
    }

    private <T> T change(String what, Change<T> change) throws IOException {
        asked.add(what);
        int now = asked.size();
        boolean fails = mode == Mode.KILLED ? failing > 0 && now >= failing : now == failing;
        if (fails && mode != Mode.AFTER) {
            throw new IOException("no more " + what);
        }
        T made = change.make();
        if (fails) {
            if (made instanceof FileChannel channel) {
                channel.close();
            }
            throw new IOException("no more after " + what);
        }
        return made;
    }

    private interface Plain {
        void make() throws IOException;
    }

    private void plain(String what, Plain change) throws IOException {
        change(what, () -> {
            change.make();
            return null;
        });
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        return change("open " + file.getFileName(), () -> SYSTEM.open(file, options));
    }

    @Override
    public void force(FileChannel channel) throws IOException {
        plain("force", () -> {});
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        plain("force folder " + folder.getFileName(), () -> {});
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        plain("rename " + from.getFileName() + " to " + to.getFileName(), () -> SYSTEM.rename(from, to));
    }

    @Override
    public void remove(Path path) throws IOException {
        plain("remove " + path.getFileName(), () -> SYSTEM.remove(path));
    }

    @Override
    public void cut(FileChannel channel, long bytes) throws IOException {
        plain("cut", () -> SYSTEM.cut(channel, bytes));
    }

    @Override
    public void makeFolder(Path folder) throws IOException {
        plain("make folder " + folder.getFileName(), () -> SYSTEM.makeFolder(folder));
    }
}
