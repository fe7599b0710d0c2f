#!/usr/bin/env python3
"""Takes one TCP connection out of a pcap file, as the conversation that the replay tests read.

    extract-capture.py FILE.pcap RESPONDER-PORT [CONNECTION] > captures/NAME.json

CONNECTION counts the connections to the port from 0. Written are the octets in the order in which they were captured, neighbours of one
direction joined, and who ended the connection. Short runs of octets are hexadecimal, long ones Base64. Understood are the classic pcap
format with Ethernet, IPv4 and TCP; a gap in the octets of a connection is an error.
"""

import base64
import json
import pathlib
import struct
import sys

HEXADECIMAL_OCTETS_MAX = 1024
FIN, SYN, RST = 0x01, 0x02, 0x04


def packets(octets):
    """The TCP segments of the file: (source port, destination port, sequence number, flags, data)."""
    order = {0xA1B2C3D4: '<', 0xD4C3B2A1: '>'}[struct.unpack_from('<I', octets)[0]]
    link_type = struct.unpack_from(order + 'I', octets, 20)[0]
    if link_type != 1:
        raise SystemExit(f'link type {link_type} is not Ethernet')
    offset = 24
    while offset < len(octets):
        captured = struct.unpack_from(order + 'I', octets, offset + 8)[0]
        frame = octets[offset + 16 : offset + 16 + captured]
        offset += 16 + captured
        if frame[12:14] != b'\x08\x00' or frame[23] != 6:
            continue
        ip = frame[14:]
        header = (ip[0] & 0x0F) * 4
        tcp = ip[header : struct.unpack_from('>H', ip, 2)[0]]
        source, destination, sequence = struct.unpack_from('>HHI', tcp)
        yield source, destination, sequence, tcp[13], tcp[(tcp[12] >> 4) * 4 :]


def conversation(octets, responder_port, connection):
    """What the two ends of one connection sent, in the order of the capture."""
    initiator_ports = []
    expected = {}
    steps = []
    for source, destination, sequence, flags, data in packets(octets):
        if responder_port not in (source, destination):
            continue
        sender = 'responder' if source == responder_port else 'initiator'
        initiator_port = destination if sender == 'responder' else source
        if flags & SYN and sender == 'initiator' and initiator_port not in initiator_ports:
            initiator_ports.append(initiator_port)
        if len(initiator_ports) <= connection or initiator_port != initiator_ports[connection]:
            continue
        if flags & SYN:
            expected[sender] = (sequence + 1) % 2**32
            continue
        skip = (expected[sender] - sequence) % 2**32
        if skip >= 2**31 and data:
            raise SystemExit(f'octets of the {sender} are missing before sequence number {sequence}')
        data = data[skip:]
        expected[sender] = (expected[sender] + len(data)) % 2**32
        if data and steps and steps[-1]['from'] == sender and 'octets' in steps[-1]:
            steps[-1]['octets'] += data
        elif data:
            steps.append({'from': sender, 'octets': data})
        if flags & (FIN | RST):
            steps.append({'from': sender, 'closed': 'reset' if flags & RST else 'finished'})
    return steps


def written(step):
    if 'closed' in step:
        return step
    octets = step['octets']
    if len(octets) <= HEXADECIMAL_OCTETS_MAX:
        return {'from': step['from'], 'octets': octets.hex()}
    return {'from': step['from'], 'base64': base64.b64encode(octets).decode()}


def main():
    path = pathlib.Path(sys.argv[1])
    connection = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    steps = [written(step) for step in conversation(path.read_bytes(), int(sys.argv[2]), connection)]
    lines = ',\n'.join('    ' + json.dumps(step) for step in steps)
    print(f'{{\n  "source": {json.dumps(path.stem)},\n  "steps": [\n{lines}\n  ]\n}}')


main()
