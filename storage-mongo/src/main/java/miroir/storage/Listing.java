package miroir.storage;

/**
 * When the other side of a link is listed, so that this side can be found by it.
 *
 * @param few where it has no more matches than so many
 * @param counted and an index shows that before anything is read
 */
record Listing(int few, boolean counted) {

    Listing atMost(long most) {
        return new Listing((int) Math.min(few, most), counted);
    }
}
