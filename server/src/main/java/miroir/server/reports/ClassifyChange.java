package miroir.server.reports;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.path.RawValue;
import miroir.index.store.ResourceVersion;
import miroir.server.directory.Lifecycle;
import miroir.server.directory.Mailbox;
import miroir.server.directory.WrittenAddress;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a version is against the one before it.
 *
 * <p>The directory takes somebody out by making him inactive first, and lets that stub vanish a month later. So what counts is whether something active is there: it
 * arrives when that begins and departs when it ends, once each, and the end of a stub is no second departure. A move is from somewhere to somewhere: an address that
 * was not known before, or is not any more, is an ordinary change. Of a version whose predecessor is not known nothing is said at all.
 */
final class ClassifyChange {
    private final EnumSet<ChangeKind> kinds = EnumSet.noneOf(ChangeKind.class);
    private final List<String> left = new ArrayList<>();
    private final List<String> found = new ArrayList<>();

    private ClassifyChange() {}

    static Change of(ResourceVersion version, Before before) {
        ResourceVersion.Live now = version instanceof ResourceVersion.Live live ? live : null;
        ResourceVersion.Live described = now == null ? before.content() : now;
        RawValue shown = described == null ? null : RawValue.of(described.fhir());
        ClassifyChange classified = new ClassifyChange();
        if (version instanceof ResourceVersion.Deleted deleted && deleted.erased()) {
            classified.kinds.add(ChangeKind.ERASED);
        } else if (!before.known()) {
            classified.kinds.add(ChangeKind.UNKNOWN);
        } else {
            classified.compare(before.content(), now);
        }
        return new Change(
                version.key(),
                version.version(),
                version.from(),
                classified.kinds,
                described == null ? Known.nothing() : Known.of(described),
                shown == null ? null : reference(shown, "practitioner"),
                classified.left,
                classified.found,
                now == null);
    }

    private void compare(ResourceVersion.@Nullable Live before, ResourceVersion.@Nullable Live now) {
        boolean was = isPresent(before);
        boolean is = isPresent(now);
        List<Where> from = Where.of(before);
        List<Where> to = Where.of(now);
        if (!was && is) {
            kinds.add(ChangeKind.ARRIVAL);
            to.forEach(where -> found.add(where.text()));
        } else if (was && !is) {
            kinds.add(ChangeKind.DEPARTURE);
            from.forEach(where -> left.add(where.text()));
        } else if (was && !from.isEmpty() && !to.isEmpty() && !Where.same(from, to)) {
            kinds.add(ChangeKind.MOVE);
            from.forEach(where -> left.add(where.text()));
            to.forEach(where -> found.add(where.text()));
        }
        compareMailboxes(mailboxes(before), mailboxes(now));
        if (kinds.isEmpty()) {
            kinds.add(ChangeKind.CHANGED);
        }
    }

    private void compareMailboxes(List<Mailbox> before, List<Mailbox> now) {
        List<String> gone = without(before, now);
        List<String> made = without(now, before);
        if (!gone.isEmpty()) {
            kinds.add(ChangeKind.MAILBOX_GONE);
            left.addAll(gone);
        }
        if (!made.isEmpty()) {
            kinds.add(ChangeKind.MAILBOX);
            found.addAll(made);
        }
    }

    private static List<String> without(List<Mailbox> some, List<Mailbox> others) {
        Set<String> known = others.stream().map(Mailbox::folded).collect(Collectors.toSet());
        return some.stream()
                .filter(mailbox -> !known.contains(mailbox.folded()))
                .map(Mailbox::address)
                .distinct()
                .toList();
    }

    private static List<Mailbox> mailboxes(ResourceVersion.@Nullable Live live) {
        return live == null ? List.of() : Mailbox.of(RawValue.of(live.fhir()));
    }

    /** Whether something is there that is not said to be inactive. */
    private static boolean isPresent(ResourceVersion.@Nullable Live live) {
        return live != null && !Lifecycle.isOver(RawValue.of(live.fhir()));
    }

    private static @Nullable String reference(RawValue resource, String element) {
        RawValue reference = resource.get(element);
        return reference == null ? null : reference.text("reference");
    }

    /**
     * Where something is: an address, or a place that it belongs to.
     *
     * @param substance what is the same for all ways to write it
     */
    private record Where(String text, String substance) {

        static List<Where> of(ResourceVersion.@Nullable Live live) {
            if (live == null) {
                return List.of();
            }
            RawValue resource = RawValue.of(live.fhir());
            return switch (live.key().type()) {
                case "Organization" ->
                    WrittenAddress.of(resource).stream()
                            .map(address -> new Where(address.text(), address.substance()))
                            .toList();
                case "PractitionerRole" -> belonging(resource, "organization");
                case "HealthcareService" -> belonging(resource, "providedBy");
                case "Device" -> belonging(resource, "owner");
                default -> List.of();
            };
        }

        private static List<Where> belonging(RawValue resource, String element) {
            String to = reference(resource, element);
            return to == null ? List.of() : List.of(new Where(to, to));
        }

        /** In whatever order. */
        static boolean same(List<Where> some, List<Where> others) {
            return substances(some).equals(substances(others));
        }

        private static Set<String> substances(List<Where> all) {
            return all.stream().map(Where::substance).collect(Collectors.toSet());
        }
    }
}
