package org.kolotoc.data.pictures;

/** Shapes about the origin, which reach about 1 from it. */
enum Form {
    DISC {
        @Override
        double distance(double x, double y) {
            return StrictMath.hypot(x, y) - 0.9;
        }
    },
    RING {
        @Override
        double distance(double x, double y) {
            return Math.abs(StrictMath.hypot(x, y) - 0.72) - 0.22;
        }
    },
    HALF {
        @Override
        double distance(double x, double y) {
            return Math.max(StrictMath.hypot(x, y - 0.4) - 1, y - 0.4);
        }
    },
    SQUARE {
        @Override
        double distance(double x, double y) {
            return box(x, y, 0.8, 0.8);
        }
    },
    FRAME {
        @Override
        double distance(double x, double y) {
            return Math.max(box(x, y, 0.85, 0.85), -box(x, y, 0.45, 0.45));
        }
    },
    DIAMOND {
        @Override
        double distance(double x, double y) {
            return (Math.abs(x) + Math.abs(y) - 1.05) / Math.sqrt(2);
        }
    },
    TRIANGLE {
        @Override
        double distance(double x, double y) {
            return Math.max(Math.sqrt(3) / 2 * Math.abs(x) - (y - 0.2) / 2, y - 0.2) - 0.5;
        }
    },
    PLUS {
        @Override
        double distance(double x, double y) {
            return Math.min(box(x, y, 0.95, 0.27), box(x, y, 0.27, 0.95));
        }
    },
    BAR {
        @Override
        double distance(double x, double y) {
            return box(x, y, 1, 0.27);
        }
    },
    STRIPES {
        @Override
        double distance(double x, double y) {
            return Math.max(box(x, y, 0.9, 0.9), Math.abs(Math.abs(y) - 0.35) - 0.2);
        }
    };

    /** To the edge, below 0 inside; y grows downwards. */
    abstract double distance(double x, double y);

    private static double box(double x, double y, double width, double height) {
        return Math.max(Math.abs(x) - width, Math.abs(y) - height);
    }
}
