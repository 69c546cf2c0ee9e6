package dev.rouse.devcluster.node.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPoolTest {

  @Test
  void givesEachPodOneAddressAndKeepsIt() {
    // Given
    AddressPool pool = new AddressPool("127.40.3.0/24");

    // When
    String a = pool.take("a");
    String b = pool.take("b");

    // Then
    assertThat(a).isEqualTo("127.40.3.1").isEqualTo(pool.take("a"));
    assertThat(b).isEqualTo("127.40.3.2");
  }

  @Test
  void usesAFreedAddressAgainOnlyWhenAllOthersWereUsed() {
    // Given
    AddressPool pool = new AddressPool("127.40.3.0/29");
    String first = pool.take("a");
    pool.free("a");

    // When
    String second = pool.take("b");

    // Then
    assertThat(second).isNotEqualTo(first);
  }

  @Test
  void doesNotGiveARestoredAddressTwiceAndSaysWhenItIsFull() {
    // Given
    AddressPool pool = new AddressPool("127.40.3.0/30");
    pool.restore("old", "127.40.3.1");

    // When
    String other = pool.take("new");

    // Then
    assertThat(other).isEqualTo("127.40.3.2");
    assertThatThrownBy(() -> pool.take("third")).hasMessageContaining("--address-range");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/24", "127.0.0.0", "127.0.0.0/31", "127.300.0.0/24", ""})
  void refusesWhatIsNoLoopbackRange(String range) {
    // Given no pool

    // When
    var refusal = assertThatThrownBy(() -> new AddressPool(range));

    // Then
    refusal.isInstanceOf(IllegalArgumentException.class);
  }
}
