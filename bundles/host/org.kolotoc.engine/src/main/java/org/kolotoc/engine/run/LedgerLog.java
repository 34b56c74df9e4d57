package org.kolotoc.engine.run;

import java.io.IOException;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.ledger.LedgerFile;
import org.kolotoc.engine.ledger.RunLedger;

/** Keeps a run's {@code ledger.jsonl} as the ledger is; whole, since equal lines are counted. */
final class LedgerLog {
    private final RunFolder folder;
    private final RunLedger ledger;
    private long written;

    LedgerLog(RunFolder folder, RunLedger ledger) {
        this.folder = folder;
        this.ledger = ledger;
    }

    /** Writes what is new; without a line there is no file. */
    void write() throws IOException {
        long version = ledger.version();
        if (version == written) {
            return;
        }
        if (ledger.lines().isEmpty()) {
            folder.remove(LedgerFile.FILE);
        } else {
            folder.write(LedgerFile.FILE, LedgerFile.text(ledger.lines()));
        }
        written = version;
    }

    /** Says how far the run is, for lines to come. */
    void reached(long step, String phase) {
        ledger.reached(step, phase);
    }

    /** Whether a strict run has to end. */
    boolean refuses() {
        return ledger.refuses();
    }

    /** Ends it, see {@link RunLedger#refuse}. */
    void refuse() {
        ledger.refuse();
    }
}
