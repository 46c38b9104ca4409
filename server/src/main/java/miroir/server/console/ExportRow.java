package miroir.server.console;

import miroir.server.export.KnownExports.Known;

/** An export as people see it. */
record ExportRow(Known known) {
    private static final Badge CUTTING = new Badge("busy", "↻", "exports.cutting");
    private static final Badge WAITING = new Badge("warn", "…", "exports.waiting");
    private static final Badge COMPLETE = new Badge("good", "✓", "exports.complete");
    private static final Badge FAILED = new Badge("bad", "✗", "exports.failed");

    Badge badge() {
        return switch (known.state()) {
            case "complete" -> COMPLETE;
            case "failed" -> FAILED;
            default -> known.isHeld() ? CUTTING : WAITING;
        };
    }

    boolean isUnderWay() {
        return known.state().equals("cutting");
    }

    /** Who asked, with what kind of asker that is: a consumer and an administrator may have the same name. An empty text where nobody had to say. */
    String who() {
        return known.who();
    }

    /** For whom it counts where nobody had to say who he is. */
    String by() {
        return known.by();
    }

    /** What was asked for, from the FHIR base on. */
    String request() {
        return known.request().substring(Math.max(0, known.request().lastIndexOf("/$export") + 1));
    }
}
