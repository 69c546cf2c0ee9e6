package dev.rouse.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rouse.server.wire.WireError.Type;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageCursorTest {

  @Test
  void comesBackAsItWent() throws WireError {
    for (PageCursor cursor :
        new PageCursor[] {
          new PageCursor("uid", true, 41L, null),
          new PageCursor("uid", true, null, "sevt_1"),
          new PageCursor("uid", true, 0L, "sevt_1")
        }) {
      assertThat(PageCursor.decode(cursor.encode(), "uid", true)).isEqualTo(cursor);
    }
  }

  @Test
  void holdsForOneSessionAndOneOrder() {
    String text = new PageCursor("uid", true, 41L, null).encode();
    assertThatThrownBy(() -> PageCursor.decode(text, "other", true))
        .isInstanceOfSatisfying(
            WireError.class, e -> assertThat(e.type()).isEqualTo(Type.NOT_FOUND));
    assertThatThrownBy(() -> PageCursor.decode(text, "uid", false))
        .isInstanceOfSatisfying(
            WireError.class, e -> assertThat(e.type()).isEqualTo(Type.INVALID_REQUEST));
  }

  @Tag("contract-cursors")
  @ParameterizedTest
  @ValueSource(strings = {"", "x", "page_", "page_!!", "page_e30", "page_W10", "page_bnVsbA"})
  void anythingElseIsInvalid(String text) {
    assertThatThrownBy(() -> PageCursor.decode(text, "uid", true))
        .isInstanceOfSatisfying(
            WireError.class, e -> assertThat(e.type()).isEqualTo(Type.INVALID_REQUEST));
  }
}
