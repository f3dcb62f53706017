<?php
/**
 * As much of WordPress and WooCommerce as the lines in send.php's head call. Reads the orders from the environment, runs
 * the action that places each, what that has put into the background, and what that has put off. Prints every note.
 */

$actions = [];
$background = [];

function add_action(string $name, callable $action): void
{
    global $actions;
    $actions[$name] = $action;
}

function as_enqueue_async_action(string $name, array $arguments): void
{
    as_schedule_single_action(time(), $name, $arguments);
}

function as_schedule_single_action(int $at, string $name, array $arguments): void
{
    global $background;
    $background[] = [$at, $name, $arguments];
}

class WC_Order
{
    private array $order;

    public function __construct(array $order)
    {
        $this->order = $order;
    }

    public function has_status(string $status): bool
    {
        return $this->order['status'] === $status;
    }

    public function get_payment_method(): string
    {
        return $this->order['method'] ?? 'bacs';
    }

    /** WooCommerce's own, too, gives a text. */
    public function get_total(): string
    {
        return $this->order['total'];
    }

    /** WooCommerce's own is a DateTime too. */
    public function get_date_created(): DateTime
    {
        return new DateTime($this->order['placed']);
    }

    public function get_currency(): string
    {
        return 'TRY';
    }

    public function get_billing_phone(): string
    {
        return $this->order['phone'];
    }

    public function get_billing_email(): string
    {
        return $this->order['email'];
    }

    public function add_order_note(string $note): void
    {
        echo json_encode(['order' => $this->order['id'], 'note' => $note]), "\n";
    }
}

/** @return WC_Order|false */
function wc_get_order(int $id)
{
    foreach (json_decode(getenv('ORDERS'), true) as $order) {
        if ($order['id'] === $id) {
            return new WC_Order($order);
        }
    }
    return false;
}

define('RELAY_URL', getenv('RELAY'));
define('WEBHOOK_SECRET', getenv('SECRET'));
require getenv('PLUGIN');

foreach (json_decode(getenv('ORDERS'), true) as $order) {
    $actions['woocommerce_order_status_on-hold']($order['id']);
}
while ($background) {
    [$at, $name, $arguments] = array_shift($background);
    sleep(max(0, $at - time()));
    $actions[$name](...$arguments);
}
