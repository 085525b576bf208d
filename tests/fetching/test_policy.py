"""Which IP addresses may be connected to: every range that may not, with its edges and what lies beside them."""

from ipaddress import ip_address, ip_network

import pytest

from rag.errors import InputError
from rag.fetching.names import Names
from rag.fetching.policy import is_public
from rag.fetching.web_address import read_address
from tests.fetching.site import Resolver

# a range, and what is public just below and just above it, where anything is
RANGES = {
    "0.0.0.0/8": (None, "1.0.0.0"),
    "10.0.0.0/8": ("9.255.255.255", "11.0.0.0"),
    "100.64.0.0/10": ("100.63.255.255", "100.128.0.0"),
    "127.0.0.0/8": ("126.255.255.255", "128.0.0.0"),
    "168.63.129.16/32": ("168.63.129.15", "168.63.129.17"),
    "169.254.0.0/16": ("169.253.255.255", "169.255.0.0"),
    "172.16.0.0/12": ("172.15.255.255", "172.32.0.0"),
    "192.0.0.0/24": ("191.255.255.255", "192.0.1.0"),
    "192.0.2.0/24": ("192.0.1.255", "192.0.3.0"),
    "192.31.196.0/24": ("192.31.195.255", "192.31.197.0"),
    "192.52.193.0/24": ("192.52.192.255", "192.52.194.0"),
    "192.88.99.0/24": ("192.88.98.255", "192.88.100.0"),
    "192.168.0.0/16": ("192.167.255.255", "192.169.0.0"),
    "192.175.48.0/24": ("192.175.47.255", "192.175.49.0"),
    "198.18.0.0/15": ("198.17.255.255", "198.20.0.0"),
    "198.51.100.0/24": ("198.51.99.255", "198.51.101.0"),
    "203.0.113.0/24": ("203.0.112.255", "203.0.114.0"),
    "224.0.0.0/4": ("223.255.255.255", None),
    "240.0.0.0/4": (None, None),
    "::/3": (None, "2001:200::"),
    "2001::/23": (None, "2001:200::"),
    "2001:db8::/32": ("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"),
    "2002::/16": ("2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"),
    "2620:4f:8000::/48": ("2620:4f:7fff:ffff:ffff:ffff:ffff:ffff", "2620:4f:8001::"),
    "3fff::/20": ("3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "3fff:1000::"),
    "4000::/2": (None, None),
    "8000::/1": (None, None),
}
REFUSED = [str(end) for network in map(ip_network, RANGES) for end in dict.fromkeys((network[0], network[-1]))]
PUBLIC = list(dict.fromkeys(ip for beside in RANGES.values() for ip in beside if ip))
CARRIED = {
    "mapped": "::ffff:8.8.8.8",
    "mapped loopback": "::ffff:127.0.0.1",
    "compatible": "::8.8.8.8",
    "translated": "::ffff:0:8.8.8.8",
    "NAT64": "64:ff9b::8.8.8.8",
    "local NAT64": "64:ff9b:1::8.8.8.8",
    "6to4": "2002:7f00:1::1",
    "Teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "loopback": "::1",
    "discard": "100::1",
    "benchmarking": "2001:2::1",
    "ORCHIDv2": "2001:20::1",
    "unique local": "fd00::1",
    "link local": "fe80::1",
    "site local": "fec0::1",
    "multicast": "ff02::1",
    "segment routing": "5f00::1",
    "a scope": "fe80::1%1",
    "a scope of a public address": "2606:4700:4700::1111%1",
}


def leads_to(*ips):
    """What a name that leads to these is taken for under the strict policy."""
    return Names(Resolver(**{"news.example": [ips]}), is_public).ips(read_address("https://news.example/", {443}))


def test_there_are_as_many_forms_as_the_rule_asks_for():
    assert len({*REFUSED, *CARRIED.values()}) >= 62


@pytest.mark.parametrize("ip", REFUSED + list(CARRIED.values()))
def test_what_is_not_public_is_refused(ip):
    assert not is_public(ip_address(ip))
    with pytest.raises(InputError, match="https://news.example/ leads to .*, which is not on the public internet"):
        leads_to(ip)


@pytest.mark.parametrize("ip", [*PUBLIC, "8.8.8.8", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"])
def test_what_lies_beside_is_allowed(ip):
    assert is_public(ip_address(ip))
    assert leads_to(ip) == (ip_address(ip),)


@pytest.mark.parametrize("ips", [("8.8.8.8", "10.0.0.1"), ("10.0.0.1", "8.8.8.8"), ("2606:4700:4700::1111", "::1"), ("8.8.8.8", "::ffff:8.8.8.8")])
def test_one_bad_answer_among_good_ones_refuses_the_name(ips):
    with pytest.raises(InputError, match="not on the public internet"):
        leads_to(*ips)


def test_a_name_that_leads_nowhere_is_refused():
    with pytest.raises(InputError, match="has no IP address"):
        leads_to()


@pytest.mark.parametrize("host", ["fe80::1%eth0", "2606:4700:4700::1111%eth0", "/run/socket"])
def test_a_scope_that_the_resolver_writes_out_is_seen_and_what_is_no_ip_address_is_refused(host):
    with pytest.raises(InputError, match="not on the public internet|its host is not found"):
        Names(lambda name, port: [(10, 1, 6, "", (host, port, 0, 2))], is_public).ips(read_address("https://news.example/", {443}))


def test_what_the_system_does_not_find_is_told():
    def lookup(host, port):
        raise OSError(-2, "Name or service not known")

    with pytest.raises(InputError, match=r"its host is not found \(Name or service not known\); check how it is written"):
        Names(lookup, is_public).ips(read_address("https://news.example/", {443}))
